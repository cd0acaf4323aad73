int on_call(void *context) {
    return 0;
}
