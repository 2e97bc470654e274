/**
 * How much two predictions of the same row lean on the same measurement: with the prediction a weighted
 * mean of the training targets, the sum of the squared weights, which is the variance that independent
 * noise of variance 1 leaves in it. It is 1 at an input that every tree answers by the one row measured
 * there, 1 / m where m rows share that, and 1 / n for the mean of all n. Each leaf names one of its rows at
 * random, so two trees name the same one with the chance that is sought: their coincidences are counted.
 */
export class SharedRows {
  private readonly seen: Int32Array;

  /** @param trainingRows rows that leaves may name */
  constructor(trainingRows: number) {
    this.seen = new Int32Array(trainingRows);
  }

  /**
   * Share of the pairs of trees that name the same row; 0 for fewer than two trees.
   * @param named row named by tree t at `named[first + t * step]`
   */
  of(named: Int32Array, first: number, step: number, trees: number): number {
    const { seen } = this;
    if (trees < 2) return 0;
    let pairs = 0;
    for (let t = 0, p = first; t < trees; t++, p += step) pairs += seen[named[p]]++;
    for (let t = 0, p = first; t < trees; t++, p += step) seen[named[p]] = 0;
    return (2 * pairs) / (trees * (trees - 1));
  }
}
