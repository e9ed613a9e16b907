/**
 * The wire: messages generated from {@code src/main/proto}, and the numbers both sides agree on.
 *
 * <p>{@link dev.gatesvr.proto.Limits} holds every bound that is part of the protocol, {@link
 * dev.gatesvr.proto.CloseCode} why a connection ended and {@link dev.gatesvr.proto.ErrorCode} why a
 * request failed. {@code proto/README.md} is the specification and the project's glossary.
 */
@NullMarked
package dev.gatesvr.proto;

import org.jspecify.annotations.NullMarked;
