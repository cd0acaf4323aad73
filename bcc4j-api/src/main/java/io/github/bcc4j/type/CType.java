package io.github.bcc4j.type;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Restates a component's C type, which is then compared with the program's when the record is bound. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface CType {
    /**
     * The C type.
     *
     * @return as C spells it: {@code u32}, {@code char[16]}, {@code struct in6_addr}
     */
    String value();
}
