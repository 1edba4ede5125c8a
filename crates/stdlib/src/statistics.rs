//! `_statistics`: quantiles of the normal distribution.

use runtime::prelude::*;

/// Numerator and denominator of a rational approximation, highest power first.
type Fraction = ([f64; 8], [f64; 8]);

// Wichura's Algorithm AS 241 (Applied Statistics 37, 1988): near the median, between, and in the far tails.
const CENTRE: Fraction = (
    [
        2.509_080_928_730_122_6727e+3,
        3.343_057_558_358_812_8105e+4,
        6.726_577_092_700_870_0853e+4,
        4.592_195_393_154_987_1457e+4,
        1.373_169_376_550_946_1125e+4,
        1.971_590_950_306_551_4427e+3,
        1.331_416_678_917_843_7745e+2,
        3.387_132_872_796_366_6080e+0,
    ],
    [
        5.226_495_278_852_854_5610e+3,
        2.872_908_573_572_194_2674e+4,
        3.930_789_580_009_271_0610e+4,
        2.121_379_430_158_659_5867e+4,
        5.394_196_021_424_751_1077e+3,
        6.871_870_074_920_579_0830e+2,
        4.231_333_070_160_091_1252e+1,
        1.0,
    ],
);
const MIDDLE: Fraction = (
    [
        7.745_450_142_783_414_07640e-4,
        2.272_384_498_926_918_45833e-2,
        2.417_807_251_774_506_11770e-1,
        1.270_458_252_452_368_38258e+0,
        3.647_848_324_763_204_60504e+0,
        5.769_497_221_460_691_40550e+0,
        4.630_337_846_156_545_29590e+0,
        1.423_437_110_749_683_57734e+0,
    ],
    [
        1.050_750_071_644_416_84324e-9,
        5.475_938_084_995_344_94600e-4,
        1.519_866_656_361_645_71966e-2,
        1.481_039_764_274_800_74590e-1,
        6.897_673_349_851_000_04550e-1,
        1.676_384_830_183_803_84940e+0,
        2.053_191_626_637_758_82187e+0,
        1.0,
    ],
);
const TAIL: Fraction = (
    [
        2.010_334_399_292_288_13265e-7,
        2.711_555_568_743_487_57815e-5,
        1.242_660_947_388_078_43860e-3,
        2.653_218_952_657_612_30930e-2,
        2.965_605_718_285_048_91230e-1,
        1.784_826_539_917_291_33580e+0,
        5.463_784_911_164_114_36990e+0,
        6.657_904_643_501_103_77720e+0,
    ],
    [
        2.044_263_103_389_939_78564e-15,
        1.421_511_758_316_445_88870e-7,
        1.846_318_317_510_054_68180e-5,
        7.868_691_311_456_132_59100e-4,
        1.487_536_129_085_061_48525e-2,
        1.369_298_809_227_358_05310e-1,
        5.998_322_065_558_879_37690e-1,
        1.0,
    ],
);

fn polynomial(coefficients: &[f64; 8], r: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * r + c)
}

/// The quantile of the standard normal distribution at `p`, strictly between 0 and 1.
fn standard_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return polynomial(&CENTRE.0, r) * q / polynomial(&CENTRE.1, r);
    }
    let r = (-(if q <= 0.0 { p } else { 1.0 - p }).ln()).sqrt();
    let (fraction, r) = if r <= 5.0 { (&MIDDLE, r - 1.6) } else { (&TAIL, r - 5.0) };
    let x = polynomial(&fraction.0, r) / polynomial(&fraction.1, r);
    if q < 0.0 { -x } else { x }
}

#[macros::native_module(name = "_statistics", doc = "Accelerators for the statistics module.\n")]
pub mod module {
    use super::*;

    /// The quantile of the normal distribution at p.
    #[function("_normal_dist_inv_cdf(p, mu, sigma, /)")]
    fn normal_dist_inv_cdf(cx: &mut Cx, p: f64, mu: f64, sigma: f64) -> PyResult<f64> {
        if p <= 0.0 || p >= 1.0 || sigma <= 0.0 {
            return Err(value_error(cx, "inv_cdf undefined for these parameters"));
        }
        Ok(mu + standard_quantile(p) * sigma)
    }
}
