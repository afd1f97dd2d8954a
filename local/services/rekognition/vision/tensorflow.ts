/** Stands in for `@tensorflow/tfjs` (300 MB with what it brings): its core and converter, with operations as methods of tensors. */
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
export * from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-converter";
