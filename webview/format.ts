/** Numbers as the panel writes them: never without a unit, never more digits than were measured. */

/** Below this many samples a number is marked as uncertain. */
export const ENOUGH_SAMPLES = 10;

const NARROW_SPACE = "\u202f";

/** Three significant figures, no exponent, no idle zeros: 0.123, 1.2, 53.2, 53, 1230. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return "0";
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 100 ? String(Math.round(rounded)) : String(Number(rounded.toFixed(3)));
}

/** `53.2 ms`; with few samples `≈ 53.2 ms (n = 4)`. */
export function milliseconds(value: number, samples?: number): string {
  return uncertain(`${significant(value)} ms`, samples);
}

/** US dollars per million requests: `$0.81`, and `< $0.01` where rounding would say nothing. */
export function dollars(value: number): string {
  if (value > 0 && value < 0.005) return "< $0.01";
  return `${value < 0 ? "−" : ""}$${Math.abs(value).toFixed(2)}`;
}

export const memory = (megabytes: number): string => `${Math.round(megabytes)} MB`;

/** Of a share from 0 to 1. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? "< 1" : String(Math.round(value))}${NARROW_SPACE}%`;
}

/** A change between two amounts, `−48 %`; `0 %` where the first is zero. */
export function change(before: number, after: number): string {
  if (before === 0) return `0${NARROW_SPACE}%`;
  const share = Math.round((after / before - 1) * 100);
  return `${share > 0 ? "+" : share < 0 ? "−" : ""}${Math.abs(share)}${NARROW_SPACE}%`;
}

export const count = (value: number): string => (Number.isInteger(value) ? String(value) : significant(value));

export function uncertain(text: string, samples?: number): string {
  return samples === undefined || samples >= ENOUGH_SAMPLES ? text : `≈ ${text} (n = ${samples})`;
}
