/** BPF maps as Java collections. */
package io.github.bcc4j.table;
