export const CREDENTIALS = { secretId: "bench", secretKey: "bench" };
export const MNS_KEYS = { accessKeyId: "bench", accessKeySecret: "bench" };
export const SQS_KEYS = { accessKeyId: "bench", secretAccessKey: "bench" };
/** Of Tencent's callbacks. */
export const SIGN_KEY = "bench-sign-key";
export const FORWARD_SECRET = "whsec_cmVsaWFibGUtY2FsbGJhY2stYmVuY2g=";
