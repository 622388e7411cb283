/** Rules about running servers. */
@NullMarked
package dev.understudy.doctor.rule.server;

import org.jspecify.annotations.NullMarked;
