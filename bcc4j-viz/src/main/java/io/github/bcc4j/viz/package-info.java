/** Flame graphs and heat maps: each one HTML file, without a server or a network. */
package io.github.bcc4j.viz;
