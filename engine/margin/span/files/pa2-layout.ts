/** Byte layout of the expanded ("U2") .pa2 records: which field stands in which columns, with its implied decimals. */
import { assert } from '../../../core/assert.ts';

/** Columns of one field, counted from 1, both ends inclusive, and the decimals its digits imply. */
export interface Pa2Field {
  readonly from: number;
  readonly to: number;
  readonly decimals: number;
}

// Each entry: name from-to, and V with the implied decimals where there are any. 83 and 84 are 81 and 82 with 8-digit values.
const LAYOUT: Readonly<Record<string, string>> = {
  0:
    'exchangeComplex 3-8, businessDate 9-16, settlOrIntraday 17-17, fileIdentifier 18-19, businessTime ' +
    '20-23, creationDate 24-31, creationTime 32-35, fileFormat 36-37, grossNet 38-38, limitOptionValue ' +
    '39-39, businessFunction 40-44, clearingOrCustomerCode 51-51, clearingOrCustomer 53-57, ' +
    'accountTypeCode 59-59, accountType 61-65, pbClassCode 67-67, pbClass 69-73, maintOrInitCode 75-75, ' +
    'maintOrInit 77-81',
  1: 'exchangeAcronym 3-5, exchangeCode 8-9',
  2:
    'exchangeAcronym 3-5, combinedCommodityCode 7-12, riskExponent 13-13, pbCurrencyISO 14-16, ' +
    'pbCurrencyCode 17-17, optionMarginStyle 18-18, limitOptionValueFlag 19-19, combinationMarginMethod ' +
    '20-20, product1Code 23-32, product1Type 33-35, product1RaDecimalLocator 36-36, ' +
    'product1RaDecimalSign 37-37, product2Code 39-48, product2Type 49-51, product2RaDecimalLocator ' +
    '52-52, product2RaDecimalSign 53-53, product3Code 55-64, product3Type 65-67, ' +
    'product3RaDecimalLocator 68-68, product3RaDecimalSign 69-69, product4Code 71-80, product4Type ' +
    '81-83, product4RaDecimalLocator 84-84, product4RaDecimalSign 85-85, product5Code 87-96, ' +
    'product5Type 97-99, product5RaDecimalLocator 100-100, product5RaDecimalSign 101-101, product6Code ' +
    '103-112, product6Type 113-115, product6RaDecimalLocator 116-116, product6RaDecimalSign 117-117',
  3:
    'combinedCommodityCode 3-8, intraSpreadMethod 9-10, tier1Number 11-12, tier1StartMonth 13-18, ' +
    'tier1EndMonth 19-24, tier2Number 25-26, tier2StartMonth 27-32, tier2EndMonth 33-38, tier3Number ' +
    '39-40, tier3StartMonth 41-46, tier3EndMonth 47-52, tier4Number 53-54, tier4StartMonth 55-60, ' +
    'tier4EndMonth 61-66, initMaintRatioMember 69-72 V3, initMaintRatioHedger 73-76 V3, ' +
    'initMaintRatioSpec 77-80 V3, tier1StartDay 81-82, tier1EndDay 83-84, tier2StartDay 85-86, ' +
    'tier2EndDay 87-88, tier3StartDay 89-90, tier3EndDay 91-92, tier4StartDay 93-94, tier4EndDay 95-96',
  4:
    'combinedCommodityCode 3-8, spotMethod 9-10, spotBlock 11-62, shortOptionMinRate 63-69, ' +
    'riskMaintAdjMember 70-72, riskMaintAdjHedger 73-75, riskMaintAdjSpec 76-78, somMethod 79-79',
  5:
    'combinedCommodityGroupCode 3-5, combinedCommodity1 13-18, combinedCommodity2 19-24, ' +
    'combinedCommodity3 25-30, combinedCommodity4 31-36, combinedCommodity5 37-42, combinedCommodity6 ' +
    '43-48, combinedCommodity7 49-54, combinedCommodity8 55-60, combinedCommodity9 61-66, ' +
    'combinedCommodity10 67-72',
  6:
    'commodityGroupCode 3-5, spreadPriority 6-9, creditRatePct 10-16 V4, leg1Exchange 17-19, ' +
    'leg1RequiredForScan 20-20, leg1CC 21-26, leg1DeltaRatio 27-33 V4, leg1Side 34-34, leg2Exchange ' +
    '35-37, leg2RequiredForScan 38-38, leg2CC 39-44, leg2DeltaRatio 45-51 V4, leg2Side 52-52, ' +
    'leg3Exchange 53-55, leg3RequiredForScan 56-56, leg3CC 57-62, leg3DeltaRatio 63-69 V4, leg3Side ' +
    '70-70, leg4Exchange 71-73, leg4RequiredForScan 74-74, leg4CC 75-80, leg4DeltaRatio 81-87 V4, ' +
    'leg4Side 88-88, method 89-90, m4TargetExchange 91-93, m4TargetRequired 94-94, m4TargetCC 95-100, ' +
    'creditCalcMethod 101-101, tierLeg1 102-103, tierLeg2 104-105, tierLeg3 106-107, tierLeg4 108-109, ' +
    'spreadGroupFlag 110-110, m4TargetDeltaRatio 111-117 V4, m4MinLegs 118-121, separateRates 122-122, ' +
    'rate1 123-129 V4, rate2 130-136 V4, rate3 137-143 V4, rate4 144-150 V4, regStatus 151-151',
  81:
    'exchange 3-5, product 6-15, underlyingProduct 16-25, productType 26-28, optionRight 29-29, ' +
    'futMonth 30-35, futDay 36-37, optMonth 39-44, optDay 45-46, strike 48-54, ra1 55-59, ra1Sign ' +
    '60-60, ra2 61-65, ra2Sign 66-66, ra3 67-71, ra3Sign 72-72, ra4 73-77, ra4Sign 78-78, ra5 79-83, ' +
    'ra5Sign 84-84, ra6 85-89, ra6Sign 90-90, ra7 91-95, ra7Sign 96-96, ra8 97-101, ra8Sign 102-102, ' +
    'ra9 103-107, ra9Sign 108-108, hpSettlement 109-122, hpFlag 123-123',
  82:
    'exchange 3-5, product 6-15, underlyingProduct 16-25, productType 26-28, optionRight 29-29, ' +
    'futMonth 30-35, futDay 36-37, optMonth 39-44, optDay 45-46, strike 48-54, ra10 55-59, ra10Sign ' +
    '60-60, ra11 61-65, ra11Sign 66-66, ra12 67-71, ra12Sign 72-72, ra13 73-77, ra13Sign 78-78, ra14 ' +
    '79-83, ra14Sign 84-84, ra15 85-89, ra15Sign 90-90, ra16 91-95, ra16Sign 96-96, compositeDelta ' +
    '97-101 V4, compositeDeltaSign 102-102, impliedVol 103-110, settlementPrice 111-117, settlementSign ' +
    '118-118, strikeSign 119-119, currentDelta 120-124, currentDeltaSign 125-125, currentDeltaDayFlag ' +
    '126-126, sodPrice 127-133, sodSign 134-134, volExp 135-136, volExpSign 137-137, cvf 138-151, ' +
    'cvfExp 152-153, cvfExpSign 154-154, svf 155-168, svfExp 169-170, svfExpSign 171-171',
  83:
    'exchange 3-5, product 6-15, underlyingProduct 16-25, productType 26-28, optionRight 29-29, ' +
    'futMonth 30-35, futDay 36-37, optMonth 39-44, optDay 45-46, strike 48-54, ra1 55-62, ra1Sign ' +
    '63-63, ra2 64-71, ra2Sign 72-72, ra3 73-80, ra3Sign 81-81, ra4 82-89, ra4Sign 90-90, ra5 91-98, ' +
    'ra5Sign 99-99, ra6 100-107, ra6Sign 108-108, ra7 109-116, ra7Sign 117-117, ra8 118-125, ra8Sign ' +
    '126-126, ra9 127-134, ra9Sign 135-135',
  84:
    'exchange 3-5, product 6-15, underlyingProduct 16-25, productType 26-28, optionRight 29-29, ' +
    'futMonth 30-35, futDay 36-37, optMonth 39-44, optDay 45-46, strike 48-54, ra10 55-62, ra10Sign ' +
    '63-63, ra11 64-71, ra11Sign 72-72, ra12 73-80, ra12Sign 81-81, ra13 82-89, ra13Sign 90-90, ra14 ' +
    '91-98, ra14Sign 99-99, ra15 100-107, ra15Sign 108-108, ra16 109-116, ra16Sign 117-117, ' +
    'compositeDelta 118-122 V4, compositeDeltaSign 123-123, impliedVol 124-131, settlementPrice ' +
    '132-138, settlementSign 139-139, strikeSign 140-140, currentDelta 141-145, currentDeltaSign ' +
    '146-146, currentDeltaDayFlag 147-147, sodPrice 148-154, sodSign 155-155, volExp 156-157, ' +
    'volExpSign 158-158, cvf 159-172, cvfExp 173-174, cvfExpSign 175-175, svf 176-189, svfExp 190-191, ' +
    'svfExpSign 192-192',
  B:
    'exchange 3-5, product 6-15, productType 16-18, futMonth 19-24, futDay 25-26, optMonth 28-33, ' +
    'optDay 34-35, baseVol 37-44 V6, volScanRange 45-52 V6, futPriceScanRange 53-57, extremeMoveMult ' +
    '58-62 V3, extremeMoveCover 63-67 V4, interestRate 68-72 V4, timeToExp 73-79 V6, lookahead 80-85 ' +
    'V6, deltaScaling 86-91 V4, expirationDate 92-99, underlyingProduct 100-109, pricingModel 110-111, ' +
    'yield 112-119, refPriceFlag 120-120, refPrice 121-127, refPriceSign 128-128, cvfOrSwapValueFactor ' +
    '129-142 V7, svfExp 143-144, svfSign 145-145, baseVolExp 146-147, baseVolSign 148-148, volScanExp ' +
    '149-150, volScanSign 151-151, discountFactor 152-163, volScanQuoteMethod 164-164, ' +
    'priceScanQuoteMethod 165-165, psrExp 166-167, psrSign 168-168',
  C:
    'combinedCommodityCode 3-8, method 9-10, priority 11-12, nLegs 13-14, chargeRate 15-21, leg1 22-23, ' +
    'leg1Tier 24-25, leg1DeltaRatio 26-27, leg1Side 28-28, leg2 29-30, leg2Tier 31-32, leg2DeltaRatio ' +
    '33-34, leg2Side 35-35, leg3 36-37, leg3Tier 38-39, leg3DeltaRatio 40-41, leg3Side 42-42, leg4 ' +
    '43-44, leg4Tier 45-46, leg4DeltaRatio 47-48, leg4Side 49-49, leg5 50-51, leg5Tier 52-53, ' +
    'leg5DeltaRatio 54-55, leg5Side 56-56, leg6 57-58, leg6Tier 59-60, leg6DeltaRatio 61-62, leg6Side ' +
    '63-63, leg7 64-65, leg7Tier 66-67, leg7DeltaRatio 68-69, leg7Side 70-70, leg8 71-72, leg8Tier ' +
    '73-74, leg8DeltaRatio 75-76, leg8Side 77-77',
  P:
    'exchange 3-5, product 6-15, productType 16-18, shortName 19-33, settlDecimalLocator 34-36, ' +
    'strikeDecimalLocator 37-39, settlAlign 40-40, strikeAlign 41-41, cvf 42-55 V7, cabinet 56-63, ' +
    'qtyPerContract 64-65, settlCurISO 66-68, settlCur 69-69, priceQuoteMethod 70-72, cvfSign 73-73, ' +
    'cvfExp 74-75, exerciseStyle 76-79, longName 80-114, positionable 115-115, moneyCalcMethod 116-116, ' +
    'valuationMethod 117-121, settlementMethod 122-126, c1 127-131, c2 132-136, c3 137-138, eqPosFactor ' +
    '144-157, eqPosExp 158-159, eqPosSign 160-160, variableTick 161-161',
  S:
    'combinedCommodityCode 3-8, method 9-10, nTiers 11-12, tier1 13-14, tier1Start 15-20, tier1End ' +
    '21-26, tier2 27-28, tier2Start 29-34, tier2End 35-40, tier3 41-42, tier3Start 43-48, tier3End ' +
    '49-54, tier4 55-56, tier4Start 57-62, tier4End 63-68, tier5 69-70, tier5Start 71-76, tier5End ' +
    '77-82, wfprMethod 83-83, tier1StartDay 84-85, tier1EndDay 86-87, tier2StartDay 88-89, tier2EndDay ' +
    '90-91, tier3StartDay 92-93, tier3EndDay 94-95, tier4StartDay 96-97, tier4EndDay 98-99, ' +
    'tier5StartDay 100-101, tier5EndDay 102-103, tier1SomRate 106-112, tier2SomRate 113-119, ' +
    'tier3SomRate 120-126, tier4SomRate 127-133, tier5SomRate 134-140',
  T: 'fromISO 3-5, fromCode 6-6, toISO 7-9, toCode 10-10, multiplier 11-20 V6',
};

/** Record ids whose figures this calculation does not use, with what they carry. */
export const PA2_NOT_MODELLED: Readonly<Record<string, string>> = {
  '91': 'debt contracts',
  '92': 'debt contracts',
  E: 'series-to-series spreads (their leg columns are not documented)',
  R: 'risk array redefinitions',
  V: 'daily adjustment and valuation rates',
  X: 'combination products',
  Y: 'combination products',
  Z: 'combination legs',
};

const RECORDS: ReadonlyMap<string, ReadonlyMap<string, Pa2Field>> = new Map(
  Object.entries(LAYOUT).map(([id, text]) => [id, readLayout(text)]),
);

function readLayout(text: string): ReadonlyMap<string, Pa2Field> {
  const fields = text.split(', ').map((entry): readonly [string, Pa2Field] => {
    const [name = '', columns = '', decimals = 'V0'] = entry.split(' ');
    const [from, to] = columns.split('-').map(Number);
    assert(from !== undefined && to !== undefined && to >= from, `layout entry: ${entry}`);
    return [name, { from, to, decimals: Number(decimals.slice(1)) }];
  });
  return new Map(fields);
}

/** The fields of a record by name; null for a record the layout does not know. */
export function pa2Record(id: string): ReadonlyMap<string, Pa2Field> | null {
  return RECORDS.get(id) ?? null;
}

/** Ids of all records laid out here. */
export function pa2RecordIds(): readonly string[] {
  return [...RECORDS.keys()];
}
