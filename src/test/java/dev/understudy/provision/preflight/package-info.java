@NullMarked
package dev.understudy.provision.preflight;

import org.jspecify.annotations.NullMarked;
