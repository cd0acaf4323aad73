/** Assertions on kernel data in the style of AssertJ, at once or within a time. */
package io.github.bcc4j.junit.assertj;
