@NullMarked
package dev.understudy.provision.preflight.gather;

import org.jspecify.annotations.NullMarked;
