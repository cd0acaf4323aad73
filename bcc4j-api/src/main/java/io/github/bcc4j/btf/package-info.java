/** BTF as it stands in its file: types by id, without any meaning put into them. */
package io.github.bcc4j.btf;
