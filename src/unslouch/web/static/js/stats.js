/** How fast the live path is: round trips from the grabbed picture to the coach's answer. Read by the benchmark. */

class Stats {
  constructor() {
    this.reset();
  }

  reset() {
    this.roundTripsMs = [];
    this.drops = 0;
    this.since = performance.now();
  }

  answered(ms) {
    this.roundTripsMs.push(ms);
    if (this.roundTripsMs.length > 20000) this.roundTripsMs.shift();
  }

  dropped() {
    this.drops += 1;
  }

  /** @returns frames a second and the round trips, ms */
  read() {
    const seconds = (performance.now() - this.since) / 1000;
    return { fps: this.roundTripsMs.length / seconds, roundTripsMs: this.roundTripsMs, drops: this.drops };
  }
}

export const stats = new Stats();
