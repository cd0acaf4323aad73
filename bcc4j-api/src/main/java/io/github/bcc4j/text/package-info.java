/** Histograms and columns as text. */
package io.github.bcc4j.text;
