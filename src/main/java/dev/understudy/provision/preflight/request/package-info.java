/** What is going to be done, as the preflight is told. */
@NullMarked
package dev.understudy.provision.preflight.request;

import org.jspecify.annotations.NullMarked;
