/** Every element of CME's schema of XML SPAN files: read here, ignored as description, or named as not modelled. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Elements whose content decides the parameter set. */
export const SPN_HANDLED: ReadonlySet<string> = words(
  'a aVal acctType adjRate baseR cId capAnov cc ccDef chargeMeth clearingOrg cmb cmbPf curConv ' +
    'currency currencyDef cvf d dSpread date debt debtPf decimalPos definitions deltaPointDef ' +
    'denominator ePe ec equity equityPf exch exchange factor fromCur fut futPf fwd fwdPf group i ' +
    'interSpreads interTiers intraTiers isCust isM isRequired isSetl isTarget isTargetReq k mult name ' +
    'numLegsReq numerator o oocPf ooePf oofPf oopPf opt outr p pLeg pairedPoint pbRateDef pbc pe pfCode ' +
    'pfId pfLink phy phyPf pmRate pmpsRate point pointDef pointInTime priceScan priceScanDef psRate r ' +
    'ra rate rpLeg rs sLeg sPe sSpread sc scanPointDef scanRate scanTiers series somMeth somTiers ' +
    'spanFile spotMeth spotRate sprd spread superSpreads tLeg tier tn toCur undC val valueMeth ' +
    'volScanDef weight wfprMeth',
);

/** Elements that change no figure here, by what they are. */
export const SPN_IGNORED: Readonly<Record<string, ReadonlySet<string>>> = {
  'words, formats and dates for people': words(
    'aType acctSubType acctSubTypeCode acctSubTypeDef acctTypeDef alias aliasDesc cabDesc contractSize ' +
      'country created cusip dataType desc description domain fDeliv fdot fdotRule fee feeTypeDef ' +
      'fileFormat finalPriceRule flexDesc groupDef groupTypeDef hiVal hours id index isin lDeliv ldot ' +
      'ldotRule limits limitsDesc listDesc listed loVal pfType pointDesc posLimit positionsAllowed pq ' +
      'priceDesc priceDl priceFmt priceMeth priority quoted run setlDate setlDateRule setlMeth ' +
      'setlQualifier spanVersion specs strikeCur strikeDesc strikeDl strikeFmt subType symbol tick ' +
      'tickTypeDef time type unitDesc uom uomQty value venue venueDef',
  ),
  calendars: words('calCode calDef calId dayCode dt holidays stdWeekend'),
  'what an array was computed from; the supplied array is used': words(
    'accruedIntr arrayPrecision binaryArrays cab capRiskArray cmbMeth cmbType coupon cpm cpnFreq ' +
      'cpnLastDate cpnNextDate cpnRate daysPerYear defType discFactor div divRate dtm duration dv dvad ' +
      'dvas dvcs dvcum dvs eqPosFactor exercise exm finalizeMeth intrRate isContractScale isDigital ' +
      'isNetMargin isVariableTick lbe legPrice legPriceFlag limitArraysTo16Points lookAheadDays ' +
      'lookAheadYears notionAmt oopDeltaMeth priceModel priceScanDown priceScanDownPct priceScanPct ' +
      'priceType procMeth quoteInOptTerms refPrice refPriceFlag riskExponent rl s seriesSetlMeth ' +
      'sprCharge svf t tm undPf useOTCRounding v volScan volScanDown volScanDownPct volScanPct volSrc ' +
      'volType',
  ),
};

/** Elements with figures that this calculation leaves out, by what they are. */
export const SPN_NOT_MODELLED: Readonly<Record<string, ReadonlySet<string>>> = {
  'portfolios and their results': words(
    'acctId addlReq anov aot aots ap as asomtr asset basis ccPort concApplies creditDistMeth ' +
      'crossSavings ctid curReq curVal custPortUseLov dReq dr dro drs dva ecPort edp equiv equivPosType ' +
      'exLOV firm gReq gcp gd gp grCurReq grOReq grReq ia iaLong iaReq iaShort ialEquiv ialSplit iasEquiv ' +
      'iasSplit iatr ie ieLong ieShort ielEquiv ielSplit iesEquiv iesSplit ietr iex isNew ld ledgerBal ' +
      'lfv linkedAccts long lov lovf lpv lts lue mp mpd nReq ncp net nl nlEquiv nlRisk nlSplit nlr no np ' +
      'nrpn nrps ns nsEquiv nsRisk nsSplit nsr oReq od op oqty ot ote otep ots otss parentAcct pbValue ' +
      'pclient pd pl plp portfolio pr pss qib rd refAcct rld rsd savings sco sd securities seg sfv short ' +
      'sno som somtr sov sovf sp spanReq split spo spotChargeAdj spv sr str sumCCExLOV sumCCReq sv svp ' +
      'svpt svt totalReq tr ts used vr wpr',
  ),
  'historical value at risk': words(
    'bDate floor fxHvarData fxHvarSet fxHvarSetId hLogRet hRet hVal hfactor hvarMarginParams hvarSet ' +
      'hvarSetId isCurrent isHvarAnchor isValAnchor lag lambda logRet logret lookBack lookBackData offset ' +
      'percentile seed tenor undHvarSetId useRollNum zeroCurve zeroCurveData zeroCurveId',
  ),
  'credit default swaps': words(
    'CDSIsIG CDSubType CDSwap CDSwapPf bidAskFloor bidAskSprd capPct cdsDV01Exponent cdsDeviationPct ' +
      'cdsHYCompressionShock cdsHYCompressionShockPct cdsHYCurveShockPct cdsHYIndexMinMarginPct ' +
      'cdsHYLiqMarginBidAsk cdsHYLiqMarginCoefficient cdsHYLiqMarginDST cdsHYLiqMarginExponent ' +
      'cdsHYLiqMarginIntercept cdsHYLiqMarginOTRPV01 cdsHYLiqMarginScale cdsHYOTRBidAskCap ' +
      'cdsHYSingleMinMarginPct cdsIGCompressionShock cdsIGCompressionShockPct cdsIGCurveShockPct ' +
      'cdsIGHYThreshold cdsIGIndexMinMarginPct cdsIGLiqMarginBidAsk cdsIGLiqMarginCoefficient ' +
      'cdsIGLiqMarginDST cdsIGLiqMarginExponent cdsIGLiqMarginIntercept cdsIGLiqMarginOTRPV01 ' +
      'cdsIGLiqMarginScale cdsIGOTRBidAskCap cdsIGSingleMinMarginPct cdsMarginParams cdsRDV01Weight ' +
      'cdsRate cdsSDV01Weight cdsSectorShock cdsSectorShockPct cdsSystematicShock cdsSystematicShockPct ' +
      'concCoeficient concExponent concIntercept concScale couponDl curveShockPct dst dstExponent ' +
      'dstFloor hy ig isCDSScanRisk pv01 recoveryRate runSpread runSpreadDl sector sectorDef',
  ),
  'interest rate swaps': words(
    'IRSwap IRSwapPf accruedInt calcFreq calcPerAdjBusDayConv calcPerAdjCal compMethod ' +
      'currentPeriodRate dCurveId dayCount fCurveId firstRegPerStartDate fixedLeg fixedRate ' +
      'fixingDateBusDayConv fixingDateCal fixingDateOffset fixingDayType floatLeg indexTenor initialStub ' +
      'matAdjBusDayConv matDate matDateAdjCal notional payAdjBusDayConv payAdjCal payFreq payRelTo ' +
      'resetDateAdjCal resetDateAdjDayConv resetFreq resetRelTo rollConv startDate',
  ),
  'credits with other clearing organizations': words(
    'awayLeg clearSpread homeLeg interClearSpreads superInterClearSpreads',
  ),
  'business functions': words(
    'bfC bfPfLink bfSeries busFuncCoLink busFuncExchLink busFuncType businessFunction coAlias exchAlias ' +
      'pfAlias',
  ),
  'equivalent debt positions': words('eDebt eDebtPf futEqFactor'),
  'liquidation, variation and concentration rates': words(
    'concAdjRate concScaleUp genericRate haircut haircutRsv hiMarg lhthresh liqRate llthresh loMarg ' +
      'lrate lreset shthresh slthresh specificRate srate sreset vmClass vmRate',
  ),
  'volatility spreads, rate tiers, relative-period legs and basis risk': words(
    'applyBasisRisk basisRates brk btNum btn etNum rateTiers rpNum spreadType tbn tne volRate',
  ),
  'details of scanning spreads': words('aggMeth applyFxRisk apportionRisk nMaxLoss sPointDef sRate'),
  'use of long option value by account': words(
    'custUseLov limitSubAccountOffset marginMeth minIntExDeltaPct useLovPct',
  ),
};

const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries(SPN_NOT_MODELLED).flatMap(([reason, names]) =>
    [...names].map((name) => [name, reason] as const),
  ),
);

/** Why an element is not modelled; null for one that is, or that only describes. */
export function reasonNotModelled(name: string): string | null {
  return REASONS.get(name) ?? null;
}
