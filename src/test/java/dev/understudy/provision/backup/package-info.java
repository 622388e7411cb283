@NullMarked
package dev.understudy.provision.backup;

import org.jspecify.annotations.NullMarked;
