/** @returns the files written, below `outdir` */
export function buildWebview(options: { outdir: string; dev?: boolean }): Promise<string[]>;
