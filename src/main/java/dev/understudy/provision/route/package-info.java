/** By which route the bytes of the data directory come over, decided in one place for the preflight and the copy. */
@NullMarked
package dev.understudy.provision.route;

import org.jspecify.annotations.NullMarked;
