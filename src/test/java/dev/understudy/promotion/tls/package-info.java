@NullMarked
package dev.understudy.promotion.tls;

import org.jspecify.annotations.NullMarked;
