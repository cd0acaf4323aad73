/** Kernel headers made for one program: the types it reaches, written as C from the kernel's BTF, and what BTF has not got. */
package io.github.bcc4j.headers;
