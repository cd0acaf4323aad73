/** The tools, and the launcher that starts them. */
package io.github.bcc4j.tools;
