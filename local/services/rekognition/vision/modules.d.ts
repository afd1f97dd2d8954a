// The bundle of the worker puts `vision/tensorflow.ts` in this place.
declare module "@tensorflow/tfjs" {
  export * from "@tensorflow/tfjs-core";
  export * from "@tensorflow/tfjs-converter";
}
declare module "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
declare module "@vladmandic/face-api/dist/face-api.node-wasm.js" {
  export * from "@vladmandic/face-api";
}
