/** Pictures of what programs have measured: flame graphs and heat maps as files of their own. */
module io.github.bcc4j.viz {
    requires transitive io.github.bcc4j;

    exports io.github.bcc4j.viz;
}
