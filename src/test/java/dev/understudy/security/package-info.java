/** That secrets stay secret, and that nothing is written but where it should be. */
package dev.understudy.security;
