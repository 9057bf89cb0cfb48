/** Lets a limited number of activities run at once; the others wait their turn in order. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Resolves with the function that gives the slot back (once; further calls do nothing). It is given back by itself after `mostMs`. */
  async take(mostMs: number): Promise<() => void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    let held = true;
    const give = (): void => {
      if (!held) return;
      held = false;
      clearTimeout(timer);
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    };
    const timer = setTimeout(give, mostMs);
    return give;
  }
}
