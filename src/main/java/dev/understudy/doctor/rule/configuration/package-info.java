/** Rules about settings. */
@NullMarked
package dev.understudy.doctor.rule.configuration;

import org.jspecify.annotations.NullMarked;
