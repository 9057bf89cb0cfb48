export interface Item {
  sku: string;
  count: number;
}
