/** C types, taken from the program's BTF, and their Java counterparts. */
package io.github.bcc4j.type;
