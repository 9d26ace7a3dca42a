// These keys protect nothing: they were made for the tests, and their private halves stand here.
#include "support/keys.h"

#include <array>
#include <stdexcept>
#include <string>

namespace assay::testing {

namespace {

constexpr const char* kRsa1 =
    R"({"e":"AQAB","kty":"RSA","n":"sK0Su9-GmeyksXHcWGdyWGTol9LoLe4-33BXJu1MggJ2RTgjlfbkRpusAlE)"
    R"(qFJtbSzO1lir0wnBrQgknFiCvmYpUOy2U6iucF4W_YeVnK-gAd248qR0tMycY-BdZzqBGWT5CKakOyaL2S7v-EUn)"
    R"(YNk_8DF5v5GzCDXz7W-WbJiLwjsmW_kpE3TOZgWgiwkAS3XbqPiUduHPL21CZRRkZqyoDFSKEGmBrN57qugr5SyH)"
    R"(-3WvS1xY6SxqFn62MhW-_tb784CDrT-imE6DZuP7p3H3byCLK5duwhzKv_mbnfKn-7TzrdJzouJetdfA01QvQYvJ)"
    R"(b3isI5HS7PSSFfm06-Q","d":"IpVMh0EdbTzIx0iCZ3ZKJJGcElThHeOhTo09LLbU0UjGiI07v1gGc5Lo38Qf6l)"
    R"(p-vTm3UcozO2qNInxvRqytee7SxvuW8c3QaspRrBDmPZWBnlD1x7LuXviBI501ocraM0iKx2P68tKeDjUTovlfrp)"
    R"(dO2469O9zxrXlXuojh8j905lNvsaVkXuslgWxmWcuOkzP1M4rN0MBseNwIn-QrvWF2pcKMwHzluTcg0vlCMCCtSk)"
    R"(YGESdswqLa4tdxHmby2UDSKGw_ZIMVibAGPI40U6E6sUmTDz2frwBxW5EcUb0dWfVxSiv1d00DcfhMkq3WU24YQ3)"
    R"(ZRhxluKdNLI52B","p":"2LbPT56EPGluigg-chszRfvMvpeCzLeUZhYmkDIIfTd7e7hNfMtOUtVld25FNmpROTF)"
    R"(EVfDZPPXkFCgdVk73_Vw5zxQk3mKyYvxd0ZdBS6e8XZogluXwoZ-tnJLEPdl9nABmh6foY84PkcfuXSexFSCKxD0)"
    R"(_L8YJ3RW-HAT47ak","q":"0LQxUzFf_QN-3sLhhGVYMt3IXvFG5rufK0vyqYKz_2alizEeYTea-312YFzZNLaKg)"
    R"(kLUJXKrb0vRqvexuqwyKhRfs1wNRzMfZFN2FZMkYF541aaLVx-DqkDZAbDWMeHQfAIIQizm50N1MowI0zNtEhTDq)"
    R"(1up3kdsN6HWK8jSFNE","dp":"iWzL5Ap6grC9Fy0JJGTZS9zURlxf5p_XrDEJvVDtDzKazKbgBG4MOfz2vhigLV)"
    R"(SYMzNpyTHVIJIxUxLpH60uF21ff1Cf3KIryxeMCvfmwSoaCiVN20LvKB7RAkQTy8DapY2fdxDkDj5Co0hsgIhGBE)"
    R"(bBmJXaNtpXsOozxyLkFBk","dq":"lHS46W6j0vxbkOWbOWxFktlEIJUMVDB-BnRdxspcc352n05vR8QgEGisfdt)"
    R"(N_jsix4n2EjVBUUfjevP6jsjSXjBj6te98jmhSOI9ixdBtvM8jO2NDIo0RDUgqB08H_t7K9reOQRrs3G-uhf2ZxW)"
    R"(brlLq5MetS5oOlnweNsMA_SE","qi":"cZl7H6n7180ZcyHuHn-YZkLa__ofng9wg8hSY1KHIxs_BRdcGX2faUzv)"
    R"(4e4wQYDsavvpYSFerWsGV42xB4PIL1AjnWYJSGGg6zbkQbtZfP3vSRt78uFZV3neYicD16EUIn2gxnuwasiPA9a8)"
    R"(HIs3jzQd8PsnvwQCE09o7CbhNvM","kid":"rsa-1"})";

constexpr const char* kRsa2 =
    R"({"e":"AQAB","kty":"RSA","n":"qEPsfNY-eJqb810BY3xW0WG6vXHRJr_cw8IIjIu4Jsx2WaTsLAE58f6DcrQ)"
    R"(mGqpbx0PbS6t8Qskd6WtOgtVUY4VMOmKr8dkekOcdFYl3skTqLABWryxIIqJiWSLoKujzsHXmalWBI67A-y-nkp7)"
    R"(sZgjisR_-s5XcLOU3cXCaEoktKFcGt49bx9iRT0bnDX_nqrpj61EBaXIneniG33zIiL6u9oecvp91g6mW5rYsC6E)"
    R"(xf3jOH2XGrlZLFVUBb5a9bbitRZ2fSBVxa7ozud-MEAxnZWBKzXBNFQ1oKhe58W6GlqExsXeYk8f_01pp_LdTajy)"
    R"(yRIltiTeIT9Wxp_IIaw","d":"_e2DSuFcD_qYCQCnbSXh3sPytpy3WsLauzvBAFiEj13_PJ6mdRdksCMRkQhMeJ)"
    R"(vz5Rgs2QTxgS1WS-tO5Xe1jSVG5CqupqCsgABG4-Q7E8xBmCWVVhsoFnGipDcJfGK7XpE40pThTfgV7aZSPJzuI7)"
    R"(fvuAg7V3Ml0fAYEMQyacQnm-sfxsAmAukRDLlQWiLD3kQwEpkUcs3Y538c9Y4DSNU8CjihkdB55QWUXJFVHi91f9)"
    R"(Mqp5HfJyOXvc8rQM6Y4VdY_5nRpDQf9B056Im6BUYfVvgiAH6cKU10xtvJ-u4ZCCCNwg1JkSri9nARosIj8MnRMm)"
    R"(TjJ2Yi65f_A5_Z","p":"0Oz0spDOBc2P9YxBHFniCp9AMk_8ypqkQ3WPAbTapj2vUXdOIKdD6zjFxiSYoCJi2-w)"
    R"(3g8_mWL1IE_EcvgYjZemYa9eX1sPTGp1mSz0JOMlTyk2r0EtE6qskLMb1E6kcVPAfb4WlFbqOX0IITd0C0HqG7Lh)"
    R"(mC0UARhehRjhZH8U","q":"zi2kG13WXodjD_idS6UuruDTnPNhljJ_gND_mL5mvFpnJwYZ5V5oGZ2cYL0okoZjR)"
    R"(95jFd16OKwiQ158kxu3eNr5AkD_RyQpUEvZpHEQ4SciipLlM2d4EOqFbUDpSZ6mhLoEIareaJhtO8KVPItjYDyfn)"
    R"(5DbisQi91m8iYO6Wm8","dp":"T1S6cZdkc3WjpTRVgONsXmYr5S7UKUZg-zCHVbmLkLY5fPCVXPbGZmnPRzacMa)"
    R"(n86c8fIVDvAWEWHmReapVAGbGCa-iYQjdnUGLV9dm-R67Cvz2Q8O2zxHupp8sAQi_jjykCdsFDdyW4a9lR9-bk66)"
    R"(6qzvYR4VOZEARm-5fn15U","dq":"Z2fCp6sPicdzKp5xHXBSEolV-KCkL_VRt2Sa3JuZ4RuiIpNPx5bqtPY0aNx)"
    R"(WDe7yuifSIDQ9SVEjuhAYgJtlEGsaekPpBGAhjFEObgf7BEFhdIiqBXb-Y9WLZ7knh7HXKDg3PD97XpAcMN2thXk)"
    R"(PNUQSdq_rPBSUyOOryHhVrWc","qi":"bJ8pRyqPabDKpOcFoIHO_azxyKAjzlcjUgXCa1ebuFLC8lGvgXROKheQ)"
    R"(ZUi8CtL-mopfdjNKFc4orPtAG8Uw5BUcHvx5mYl7AJQJUTtlH1dKM8pwoBKCI5A_WKIqLTN8KqPBc84CP3zorn51)"
    R"(PCGoI8viUV0sLeCkK-vOIJpCC14","kid":"rsa-2"})";

constexpr const char* kEc1 =
    R"({"crv":"P-256","kty":"EC","x":"FIFH9imwAFjljvgBGwxSFvXpwEdL4iw723hk01wg_Po","y":"Q26M4z4)"
    R"(s4h2jN9in20vLx8z3uxl7ict5cVuNXd0A7ww","d":"fHEpYqR1AdudkA1-lwppMSMcTucFQ9Q5hdgJsUBksqk",)"
    R"("kid":"ec-1"})";

constexpr const char* kEd25519 =
    R"({"crv":"Ed25519","kty":"OKP","x":"79gdhsaGUm4MIBjgCjA7rUc9Qtey3_-5_ndH18aq0Ag","d":"_BT-)"
    R"(kZa7HHoFCIRFTrhCNWa6PIylD6D3-Uju_atoajE","kid":"ed25519-1"})";

// In the order of KeyType.
constexpr std::array<const char*, 6> kOneOfEach{
    R"({"e":"AQAB","kty":"RSA","n":"l23yj2ZN8C_PfdqpAmFUF65yw79LE_s8CcTsVCD6wltmVSHj0wjyK8uw3Mk)"
    R"(wF2yyWghebRFwmbq4HQ0b7wbxOJRcLXbBqFfxVVXO_FSf2hmVS4t7e4FTwKNyHxLhfAJqMiZRCDbPj3zhQ2b4y11)"
    R"(PHtNVvNb5RPhzkeu_phsczjclFJnbU604IBMp-5Y92ikbQRZsgsmOk3ltNSV59tCvlYc8dr8QAo4gmNhxFlpgMI_)"
    R"(vHrlyFHnVEm2WybsceSfGY-_pV7Y4SgNtx_arbn6wuzvSODJzPiH7voSSu1zc0YiMN1-5DiCc-csmwpDBeUbpzwY)"
    R"(BjYS4FcrbqXZa2g20IQ","d":"N5lEUndnDVWYkuZ6YGfY5tsDwzBUwhDgAdw-Q0NanorNf1tymTTzKbZfiSkLUc)"
    R"(Z0k474EIazN5ZxbCU4iOIdJj9-uqicQRGNB956IXZ2vK7g_HxJida5qAS67YLSrGP8ls4vuVraiZ353XQMzCpF1x)"
    R"(UUKUIrArJQSJbs5nGU-Xd_2w0kcfDjDDaQ4pczz2jePBBcgPBaEh-IGEPwram1dTfIyBo3rJH-QqIsaiEvEM496h)"
    R"(Hsl3pU15H1ZgRnmr96jysfzhCgPugqLUnkUvvMkOvxGIE8eoy-T7eoUDr90TMirCYxb3mAP7G4sah_QtthTLsbzi)"
    R"(1xZ8sZTJseOmpRYw","p":"09bkrcIwsdknQZ-TlDGQnZYXDZRVy0ie62pFJyWy97_bL2KgOIQCY1UTlsuFx1WGu)"
    R"(9dUe5Tk0xHhTCqADPLJsDGMDZvlBI7334fpOsmlXOwgI6zMBHVG_tHUMMaP0IrtdOsHWP1ujRW1dNlUD-1ubYz8N)"
    R"(I5KSqORJP7ZVoDMu-s","q":"tv8xdl6tMUwZ-odyxvOm0e3jlMWkhsSCTAvu4i5bbZjFp1xWdvKwipGX-iBM14T)"
    R"(qZJI5qRySRoi32741SErxVlkj-hsbFL6L2vaCjBPsd2IjdBFrwJ3OzXLYvGN8SCJGNvkC_G33zwilVozfdxY0LlD)"
    R"(VLhne8TULyhtjIHjuSSM","dp":"RpNPeHw70OSx6XEKr9KbhYTdhU6oDqPRHkk3ZMVwjI3ErlLDYlDIouNTNWf0)"
    R"(1-YsjyQ8JzgBzDgmwUNfifDRNPws1tPbRtuCxVv4XfeUOhMI2hnVlp6j2n15ng5pF2dRmSQ8PG-ihyp2W8mT8gJ-)"
    R"(Sc0wsSm-ooM_9f1Z1zHuA6U","dq":"YUHp-N5CsBOhLvxz7Pcr7yC-tqAAXDvugBpLgNxgbTQnwFYcAiXj3BGbM)"
    R"(y2diWGz7XWlvZJYz7Hz_Y7u5JgoAdtoepGTaAgJbntbULV6FM0MyLBFk16LvbdPJ3i8Yd4NcUQQ6TZM4TTYItLGJ)"
    R"(ZWgcAk388N-MLYfqO-7VFPRWP8","qi":"QZ3otjIQrytCZssQ2pnycfcJ8YvMFziSAUVn7GY58TQLjIbxApIJVT)"
    R"(2V5baRYRoxI-K2qwavXosDpThszjfw8NaLOpQeUOKwDzNfI5FcRrpuRc2GkBo4pAEjjEMawM4E6uA_0Pv4M5U09_)"
    R"(cZHc0ti-Q5457szTLpbijC6b4ibco"})",
    R"({"crv":"P-256","kty":"EC","x":"2miSTDCMPhGuz-_A4kHnByuuUqJnXD1XvDEuLGLho5A","y":"wGcZXP6)"
    R"(I7xv-h-oA72IVhaQGJRch761vYglIN_Jnt4k","d":"661E_QCF0cKyd7vmbAiaeAwW4pG0siamsTlv0RPzgKY"})",
    R"({"crv":"P-384","kty":"EC","x":"09hCFeYjAL7dS0CiHQKnE3ZHLeNvjHsHdk2wmrAaEALGr8gaWwfMSRV78)"
    R"(X8E1inD","y":"bkm72I_yBMGgaNDQE1oZqoIdFtYF1-zP3o3enNgfQTLK8NtGOrlxFqUXFdYxXlAi","d":"85Q)"
    R"(QSOHPRS0kqmvO_KvYAp1aRCBVYUOOqsvMEXTV51afExwemQ7_RQh8rh-BOTZV"})",
    R"({"crv":"P-521","kty":"EC","x":"AH_pa7ei0Vn1-WHsgcvhvt7iI0f0eTNy3zDDZYwTD71yfL65o9-W7OqlK)"
    R"(Wds_ZGRPECVhHwJHAf8r1_P2FrIW3HS","y":"AUSCsXCivNaIOQOple38J1e9WqMTW9cZ1qFzfgw7lffUsT7TFk)"
    R"(EHB3-VZYsbcnV5vc2mteyQKnJyUTGD6_pMs7s4","d":"AOhaTwdPWlAfIN1BiJL76J58Uu8HsMYON13EJ93Dutx)"
    R"(aBiLMwW7_O859fbFJvLwKwnhgxRJfOjK5cxXpzoAWLqS_"})",
    R"({"crv":"Ed25519","kty":"OKP","x":"8vQZ0kEvIWAUZsFXV5Hpe_57PJeU26meJ3-jJBnG7v8","d":"qWoq)"
    R"(s4h7ehe4pN6PscXRASvFujdsuv6KYyGS78G4x4w"})",
    R"({"crv":"Ed448","kty":"OKP","x":"lOEgvywFO4AXuCOGAMh6jZNezftB3m1KoqxKdaUGDHuKgPMD6g60OYe3)"
    R"(Rfj1z0jWG-oLK4ikipIA","d":"VMC7k7NGiWK9N5Hs2kWhG8vCym1SWp-pmVqgySGJyWCHIVabdbnX2N698harb)"
    R"(gXsCGNooFtGDKqv"})",
};

jose::PrivateKey parsed(const char* jwk) {
  auto key = jose::parse_private_key(jwk);
  if (!key) throw std::logic_error("a sample key: " + key.error().what);
  return std::move(*key);
}

} // namespace

const jose::PrivateKey& rsa_key() {
  static const jose::PrivateKey key = parsed(kRsa1);
  return key;
}

const jose::PrivateKey& other_rsa_key() {
  static const jose::PrivateKey key = parsed(kRsa2);
  return key;
}

const jose::PrivateKey& ec_key() {
  static const jose::PrivateKey key = parsed(kEc1);
  return key;
}

const jose::PrivateKey& ed25519_key() {
  static const jose::PrivateKey key = parsed(kEd25519);
  return key;
}

const jose::PrivateKey& key_of(jose::KeyType type) {
  static const std::array<jose::PrivateKey, kOneOfEach.size()> keys{
      parsed(kOneOfEach[0]), parsed(kOneOfEach[1]), parsed(kOneOfEach[2]),
      parsed(kOneOfEach[3]), parsed(kOneOfEach[4]), parsed(kOneOfEach[5])};
  return keys[static_cast<std::size_t>(type)];
}

} // namespace assay::testing
