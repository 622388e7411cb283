/** The demo: a primary under load and a standby built beside it, on one machine, leaving nothing behind. */
@NullMarked
package dev.understudy.cli.demo;

import org.jspecify.annotations.NullMarked;
