/**
 * FNV-1a with 64 bits over UTF-16 units, finished with the mixer of MurmurHash3 (fmix64), because the low bits of plain
 * FNV-1a hardly depend on the last characters. Not for security: it names things. Returns 16 hex digits.
 */
export function hash64(text: string): string {
  const mask = 0xffff_ffff_ffff_ffffn;
  let h = 0xcbf2_9ce4_8422_2325n;
  for (let i = 0; i < text.length; i++) h = ((h ^ BigInt(text.charCodeAt(i))) * 0x0100_0000_01b3n) & mask;
  h = ((h ^ (h >> 33n)) * 0xff51_afd7_ed55_8ccdn) & mask;
  h = ((h ^ (h >> 33n)) * 0xc4ce_b9fe_1a85_ec53n) & mask;
  return (h ^ (h >> 33n)).toString(16).padStart(16, "0");
}
