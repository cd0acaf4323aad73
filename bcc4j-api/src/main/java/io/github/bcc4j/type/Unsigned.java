package io.github.bcc4j.type;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a component holds the bits of an unsigned C integer of the same size: read it with {@link Integer#toUnsignedLong} and its
 * like. Without it, a Java type that would turn large values negative is refused; a wider type needs none.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Unsigned {}
