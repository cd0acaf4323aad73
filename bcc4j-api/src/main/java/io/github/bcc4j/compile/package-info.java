/** C text to a {@link io.github.bcc4j.compile.CompiledModule}, in a child process by default: LLVM never enters this JVM. */
package io.github.bcc4j.compile;
