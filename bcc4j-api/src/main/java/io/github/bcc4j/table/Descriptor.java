package io.github.bcc4j.table;

import java.util.function.IntToLongFunction;

/**
 * How to get at the descriptor of a kernel object: a program, a socket, a folder.
 *
 * @param <T> what stands for the object in Java
 */
@FunctionalInterface
public interface Descriptor<T> {
    /**
     * Calls with the object's descriptor, which stays open until the call returns.
     *
     * @param object the object
     * @param call what to do with the number
     * @return what it returned
     * @throws io.github.bcc4j.BpfException if there is no such object, or it can't be opened
     */
    long with(T object, IntToLongFunction call);
}
