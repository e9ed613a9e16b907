package dev.gatesvr.backup.link;

/** The same without epoll. */
class LinkOnNioTest extends LinkTest {
  @Override
  LinkFixture fixture() {
    return new LinkFixture(false);
  }
}
