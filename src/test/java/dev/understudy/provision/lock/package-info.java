@NullMarked
package dev.understudy.provision.lock;

import org.jspecify.annotations.NullMarked;
