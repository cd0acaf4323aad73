/** Where programs can be attached, and the kernel's lists of such places. */
package io.github.bcc4j.attach;
