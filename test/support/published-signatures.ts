/** Calls with the signatures that their vendors published. The worker and the simulators must both compute these. */

/** Alibaba Cloud MNS: request, secret and Authorization. The first four use signature V2, the others V4. */
export const MNS: readonly (readonly [MnsRequest, string, string])[] = [
  [
    {
      method: "GET",
      resource: "/MyQueue",
      headers: { date: "Thu, 09 Jul 2015 03:01:34 GMT", "x-mns-version": "2015-06-06" },
    },
    "TestAccessSecret",
    "MNS TestAccessID:uwx3yeWoILzgmvesW0BQSgfM7b8=",
  ],
  [
    {
      method: "POST",
      resource: "/queues/TestQueue",
      headers: { date: "Tue, 03 Jun 2025 11:23:48 GMT", "x-mns-abcDEF": "abcDEF", "x-kkk-def": "def" },
    },
    "sk1",
    "MNS ak1:cAThPWnbphg3hDe3ZHDADTgkgyE=",
  ],
  [
    {
      method: "GET",
      resource: "/queues/TestQueue123456",
      headers: { Date: "Wed, 03 Dec 2025 11:23:48 GMT", "X-MNS-abcDEF": "KKKkkk" },
    },
    "sk-kkkkkk1111111111",
    "MNS ak-kkkk1111111111:lPxnfNA+Qo/aj18MYJUnRMqa84I=",
  ],
  [
    { method: "GET", resource: "/queues/TestQueue", headers: { date: "Tue, 03 Jun 2025 11:23:48 GMT" } },
    "testSk",
    "MNS testAk:uDJQXbk2xOhH95MDXmgbAGdtyE4=",
  ],
  [
    {
      method: "POST",
      resource: `/queues/TestQueue/?param1=abc&PARAM2=d%20%20ef&PARAM3=%5Bdef%5D%23bbb&PARAM4=${encodeURIComponent("中文参数")}`,
      headers: { date: "Tue, 03 Jun 2025 10:52:35 GMT" },
    },
    "sk1",
    "MNS4-HMAC-SHA256 Credential=ak1/20250603/region1/mns/aliyun_v4_request,Signature=1fc6013f158d4c3aba09570895a2a93c8445c2c5213d82a1463baf602cf0d945",
  ],
  [
    {
      method: "PUT",
      resource: "/queues/TestQueue123456",
      headers: { date: "Wed, 03 Dec 2025 11:23:48 GMT", "x-mns-abc": "kkk", "X-MNS-Sss": "2015-06-06xFFF" },
    },
    "skkkkkkk1111111111",
    "MNS4-HMAC-SHA256 Credential=akkkkk1111111111/20251203/region2/mns/aliyun_v4_request,Signature=04f1e5f929b5aaac3af6a54970f591581ecd2aade2562f926c5f2ec5d5c8cfad",
  ],
  [
    {
      method: "GET",
      resource: "/queues",
      headers: {
        date: "Thu, 04 Dec 2025 06:32:35 GMT",
        "x-mns-version": "2015-06-30",
        "x-mns-ttt": "1",
        "X-MNS-UUUuu": "FALse",
        "bb-MNS-UUUuu": "abcdddDDD",
        "Content-Type": "application/json",
        "Content-MD5": "0d9d2ce750000593eb34f00",
      },
    },
    "skkkkkk2222222222",
    "MNS4-HMAC-SHA256 Credential=akkkkk222222222/20251204/eu-west-1/mns/aliyun_v4_request,Signature=294f776a2d5726df679b54b081ab8126a199a2545c8c8a7a875adff0b386e458",
  ],
];

type MnsRequest = {
  readonly method: string;
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Alibaba Cloud VOD's callbacks. */
export const ALIBABA_CALLBACK = {
  callbackUrl: "https://www.example.com/your/callback",
  timestamp: "1519375990",
  authKey: "test123",
  signature: "c72b60894140fa98920f1279219b7ed4",
};

/** Tencent publishes no example for callbacks. This one comes from: echo -n 'sign-key1700000600' | md5sum */
export const TENCENT_CALLBACK = {
  signKey: "sign-key",
  expires: "1700000600",
  signature: "dcda6fb65b6902be7b45a3747b3d4cb7",
};

/** ZEGOCLOUD's callbacks, with the secret `secret`. */
export const ZEGO_CALLBACK = {
  timestamp: "1470820198",
  nonce: "123412",
  signature: "5bd59fd62953a8059fb7eaba95720f66d19e4517",
};

/** AWS's Signature Version 4: a GET and a POST without a body. */
export const AWS = {
  keys: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  scope: { region: "us-east-1", service: "service" },
  headers: { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" },
  calls: (
    [
      ["GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
      ["POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    ] as const
  ).map(([method, signature]) => ({
    method,
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  })),
};
