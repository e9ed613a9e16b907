package dev.gatesvr.upstream.service;

/**
 * What a gateway last said of itself.
 *
 * @param pair the name of its pair, empty for a gateway without one
 * @param term the highest term that it said it knows
 * @param standby whether it said that another one of its pair leads
 */
record LinkFacts(String pair, long term, boolean standby) {
  /** Of a gateway that has said nothing yet, or has no pair. */
  static final LinkFacts NONE = new LinkFacts("", 0, false);

  /** These facts, unless what is said is older: answers may come out of order. */
  LinkFacts with(LinkFacts said) {
    boolean older = said.pair.equals(pair) && Long.compareUnsigned(said.term, term) < 0;
    return older ? this : said;
  }
}
