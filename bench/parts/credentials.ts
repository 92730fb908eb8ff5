export const CREDENTIALS = { secretId: "bench", secretKey: "bench" };
