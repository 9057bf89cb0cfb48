/** Installs the Python packages before files that want the same one run side by side; each says by itself when it cannot be had. */
import { ministackPackage, motoPackage } from "./python.ts";

export default async function install(): Promise<void> {
  await motoPackage();
  await ministackPackage();
}
