/** Runs a plan: probe, apply, verify, undo; brackets, retries, journal, resume, locks. */
@NullMarked
package dev.understudy.engine;

import org.jspecify.annotations.NullMarked;
