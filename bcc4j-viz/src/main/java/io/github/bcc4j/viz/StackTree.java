package io.github.bcc4j.viz;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Stacks with their common beginnings shared, in arrays, since there may be millions of nodes. Node 0 is the root; a node's number is larger
 * than its parent's. Each has values of its own, of as many kinds as the tree has columns.
 */
final class StackTree {
    private int size = 1;
    private int[] parents = new int[1024];
    private int[] frames = new int[1024];
    private final long[][] values;
    private int[] table = new int[4096]; // open addressing by parent and frame; 0 is free, as no child is the root

    StackTree(int columns) {
        values = new long[columns][1024];
    }

    int size() {
        return size;
    }

    int columns() {
        return values.length;
    }

    int parent(int node) {
        return parents[node];
    }

    int frame(int node) {
        return frames[node];
    }

    long value(int column, int node) {
        return values[column][node];
    }

    void add(int column, int node, long value) {
        values[column][node] = Math.addExact(values[column][node], value);
    }

    /** The node of a frame called by another node's; made if it is new. */
    int child(int parent, int frame) {
        int slot = slot(parent, frame);
        if (table[slot] != 0) {
            return table[slot];
        }
        if (size == parents.length) {
            parents = Arrays.copyOf(parents, size * 2);
            frames = Arrays.copyOf(frames, size * 2);
            for (int i = 0; i < values.length; i++) {
                values[i] = Arrays.copyOf(values[i], size * 2);
            }
        }
        parents[size] = parent;
        frames[size] = frame;
        table[slot] = size++;
        if (size * 2 > table.length) {
            table = new int[table.length * 2];
            for (int node = 1; node < size; node++) {
                table[slot(parents[node], frames[node])] = node;
            }
        }
        return size - 1;
    }

    private int slot(int parent, int frame) {
        long hash = (parent * 0x9E3779B97F4A7C15L + frame) * 0xC2B2AE3D27D4EB4FL;
        int slot = (int) (hash >>> 32) & table.length - 1;
        while (table[slot] != 0 && (parents[table[slot]] != parent || frames[table[slot]] != frame)) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    /** The values of nodes with those of all that they called. */
    long[] totals(int column) {
        long[] totals = Arrays.copyOf(values[column], size);
        for (int node = size - 1; node > 0; node--) {
            totals[parents[node]] = Math.addExact(totals[parents[node]], totals[node]);
        }
        return totals;
    }

    /** All nodes, each before those it called, siblings by the rank of their frames. */
    int[] preorder(IntUnaryOperator rank) {
        long[] keys = new long[size - 1];
        int[] nodes = new int[size - 1];
        int[] first = new int[size + 1];
        for (int node = 1; node < size; node++) {
            first[parents[node] + 1]++;
        }
        for (int i = 0; i < size; i++) {
            first[i + 1] += first[i];
        }
        int[] next = first.clone();
        for (int node = 1; node < size; node++) {
            keys[next[parents[node]]++] = (long) rank.applyAsInt(frames[node]) << 32 | node;
        }
        for (int node = 0; node < size; node++) {
            Arrays.sort(keys, first[node], first[node + 1]);
        }
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = (int) keys[i];
        }
        int[] order = new int[size];
        int[] stack = new int[size];
        int depth = 1;
        for (int at = 0; depth > 0; at++) {
            int node = stack[--depth];
            order[at] = node;
            for (int i = first[node + 1] - 1; i >= first[node]; i--) {
                stack[depth++] = nodes[i];
            }
        }
        return order;
    }
}
