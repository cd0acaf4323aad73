package io.github.bcc4j.tests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A case of bcc's own tests whose behaviour the test asserts: file and case, as {@code conformance.tsv} lists them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Conforms.All.class)
public @interface Conforms {
    String value();

    /** Several cases of one test. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface All {
        Conforms[] value();
    }
}
