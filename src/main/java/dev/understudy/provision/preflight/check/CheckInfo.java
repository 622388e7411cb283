package dev.understudy.provision.preflight.check;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a preflight check is called, and what it is about. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface CheckInfo {
    /** Stable, in kebab case; never renamed. */
    String id();

    /** What holds when the check passes, one sentence without a full stop. */
    String summary();
}
