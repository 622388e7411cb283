/** What the preflight found, as plain records that checks judge without touching anything. */
@NullMarked
package dev.understudy.provision.preflight.facts;

import org.jspecify.annotations.NullMarked;
