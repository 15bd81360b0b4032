-- collectivities (totalCount)
SELECT count(*) FROM collectivity WHERE ' ' || postal_codes || ' ' LIKE '% 53500 %';

-- collectivities.nodes (kind, code, name, siren, population, populationYear)
SELECT kind, code, name, siren, population, population_year
FROM collectivity
WHERE ' ' || postal_codes || ' ' LIKE '% 53500 %'
ORDER BY name_folded;
