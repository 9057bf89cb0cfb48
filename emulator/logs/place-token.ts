import { badToken } from "./refusal.ts";
import type { Place } from "./storage/place.ts";

/**
 * 56 digits, as the service's event ids and GetLogEvents tokens have: `3`, 15 of the time, 20 of the sequence number
 * (counted from one, so that a place before all events of a time can be written), 20 of the stream.
 */
export function placeDigits(place: Place, stream: number): string {
  const time = String(Math.max(0, place.timestamp)).padStart(15, "0");
  return `3${time}${String(place.sequence + 1).padStart(20, "0")}${String(stream).padStart(20, "0")}`;
}

export function fromPlaceDigits(digits: string): Place & { stream: number } {
  const match = /^3(\d{15})(\d{20})(\d{20})$/.exec(digits);
  if (!match) throw badToken();
  return { timestamp: Number(match[1]), sequence: Number(match[2]) - 1, stream: Number(match[3]) };
}
