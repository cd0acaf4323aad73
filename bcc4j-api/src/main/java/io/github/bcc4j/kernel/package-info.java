/** Facts about a kernel: version, headers, features. */
package io.github.bcc4j.kernel;
