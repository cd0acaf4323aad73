package io.github.bcc4j.type;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says that a C integer holds the ordinal of a Java enum's constant: 0 for the first. Without it, a Java enum needs a C enum with the
 * same names. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Ordinal {}
