/** The carrier account of every test. */
export const ACCOUNT = { sid: `AC${"0".repeat(32)}`, token: "test-token", from: "+8610690000" };
