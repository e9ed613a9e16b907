/** The authenticator and the resume tokens that a configuration asks for, with their keys. */
@NullMarked
package dev.gatesvr.gateway.auth.setup;

import org.jspecify.annotations.NullMarked;
