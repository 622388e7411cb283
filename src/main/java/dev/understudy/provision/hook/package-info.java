/** Steps that run commands of the user. */
@NullMarked
package dev.understudy.provision.hook;

import org.jspecify.annotations.NullMarked;
